// Audit the GraphQL server at the address given; print the results as JSON.
import { auditServer } from "graphql-http";

const results = await auditServer({ url: process.argv[2], fetchFn: fetch });
const plain = results.map(({ id, name, status, reason }) => ({ id, name, status, reason }));
console.log(JSON.stringify(plain));
