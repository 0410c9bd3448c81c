# Cloudflare before any of the four deployments. To try it an account and a domain are needed: here
# it is read, not run. Let nobody else reach the origin, and count one proxy more: TRUSTED_PROXIES.
terraform {
  required_version = ">= 1.5"
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 5.0"
    }
  }
}

variable "zone_id" {
  description = "The domain's zone."
  type        = string
}

# As much as nginx takes, in ten seconds; the account's plan bounds the periods that can be named.
resource "cloudflare_ruleset" "edge" {
  zone_id = var.zone_id
  name    = "zoo-edge"
  kind    = "zone"
  phase   = "http_ratelimit"
  rules = [
    {
      ref         = "one-address"
      description = "300 requests in ten seconds from one address"
      expression  = "starts_with(http.request.uri.path, \"/\")"
      action      = "block"
      action_parameters = {
        response = {
          status_code  = 429
          content_type = "application/json"
          content      = "{\"errors\": [{\"message\": \"That was too often; come again in 10 s.\", \"extensions\": {\"code\": \"RATE_LIMITED\", \"retryAfter\": 10}}]}"
        }
      }
      ratelimit = {
        characteristics     = ["cf.colo.id", "ip.src"]
        period              = 10
        requests_per_period = 300
        mitigation_timeout  = 10
      }
    }
  ]
}
