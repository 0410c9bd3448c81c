// Read manifests of operators' kinds as JSON; print what their definitions say against each.
//
// A compiled definition asks for the fields that it knows, and for no others: what it has never
// asked for, nobody knows.
import { text } from "node:stream/consumers";

import * as cloudnativepg from "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1";
import * as externalSecrets from "@kubernetes-models/external-secrets/external-secrets.io/v1";

const DEFINITIONS = {
  "postgresql.cnpg.io/v1": cloudnativepg,
  "external-secrets.io/v1": externalSecrets,
};

// Return a value that crosses off what it is asked for.
function watched(value, path, unasked) {
  if (typeof value !== "object" || value === null) return value;
  const inside = {};
  for (const key of Object.keys(value)) {
    unasked.add(`${path}.${key}`);
    inside[key] = watched(value[key], `${path}.${key}`, unasked);
  }
  return new Proxy(value, {
    get(target, key) {
      unasked.delete(`${path}.${String(key)}`);
      return Object.hasOwn(inside, key) ? inside[key] : Reflect.get(target, key);
    },
  });
}

const found = [];
for (const manifest of JSON.parse(await text(process.stdin))) {
  const { apiVersion, kind } = manifest;
  const unasked = new Set();
  try {
    DEFINITIONS[apiVersion][kind].prototype.validate.call(watched(manifest, kind, unasked));
  } catch (error) {
    found.push(`${kind}: ${error.message}`);
  }
  found.push(...[...unasked].map((path) => `${path}: no such field`));
}
console.log(JSON.stringify(found));
