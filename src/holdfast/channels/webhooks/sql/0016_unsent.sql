-- "Missing" is what a provider has and we do not; what an endpoint never got is unsent.

drop function if exists webhook_missing(webhook_endpoints, timestamptz, timestamptz);
