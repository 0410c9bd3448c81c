# The bucket that images are kept in, and the account that the app reads and writes it with.
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

variable "bucket" {
  description = "The bucket's name, which nobody else in the world has."
  type        = string
}

resource "google_storage_bucket" "images" {
  # checkov:skip=CKV_GCP_78: an image that somebody removes is to be gone, and kept in no older version.
  # checkov:skip=CKV_GCP_62: logs of access need a bucket of their own, and a decision how long to keep who looked at what.
  project  = var.project
  name     = var.bucket
  location = "EU"

  # Rights are given for the whole bucket, and never to everybody.
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # A browser's script may read what it has an address for.
  cors {
    origin          = ["*"]
    method          = ["GET", "HEAD"]
    response_header = ["Content-Type"]
    max_age_seconds = 3600
  }

  # Parts of uploads that were never finished. Whole orphans only the app knows: flask sweep.
  lifecycle_rule {
    condition {
      age = 1
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  # What was deleted by mistake can be brought back for a week.
  soft_delete_policy {
    retention_duration_seconds = 604800
  }
}

resource "google_service_account" "app" {
  project      = var.project
  account_id   = "zoo-images"
  display_name = "The app that keeps images in ${var.bucket}"
}

# Read, write, list and delete objects of this bucket, and nothing else.
resource "google_storage_bucket_iam_member" "app" {
  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectUser"
  member = google_service_account.app.member
}

output "account" {
  description = "The account to run the app as."
  value       = google_service_account.app.email
}
