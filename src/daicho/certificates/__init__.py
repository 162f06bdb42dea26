"""証明書: 住民票の写し and 転出証明書: decided, set, signed, issued and verified."""
