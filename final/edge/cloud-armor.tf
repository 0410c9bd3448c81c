# Google Cloud Armor before Cloud Run or a cluster, on the load balancer that leads to it. To try it
# an account is needed: here it is read and judged, not run.
terraform {
  required_version = ">= 1.5"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.0"
    }
  }
}

variable "project" {
  description = "The Google Cloud project."
  type        = string
}

# The backend service of the load balancer names it: security_policy = …edge.self_link
resource "google_compute_security_policy" "edge" {
  project = var.project
  name    = "zoo-edge"

  # Google learns what is usual, and says which rule would stop a flood of requests.
  adaptive_protection_config {
    layer_7_ddos_defense_config {
      enable = true
    }
  }

  # As much as nginx takes; whoever goes on beyond four times of it is shut out for five minutes.
  rule {
    description = "1800 requests a minute from one address"
    action      = "rate_based_ban"
    priority    = 1000
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
    rate_limit_options {
      enforce_on_key = "IP"
      conform_action = "allow"
      exceed_action  = "deny(429)"
      rate_limit_threshold {
        count        = 1800
        interval_sec = 60
      }
      ban_duration_sec = 300
      ban_threshold {
        count        = 7200
        interval_sec = 60
      }
    }
  }

  # CVE-2021-44228, in a header or anywhere else.
  rule {
    description = "Log4Shell, which does nothing here and fills logs"
    action      = "deny(403)"
    priority    = 2000
    match {
      expr {
        expression = "evaluatePreconfiguredWaf('cve-canary')"
      }
    }
  }

  rule {
    description = "Everybody else"
    action      = "allow"
    priority    = 2147483647
    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }
}
