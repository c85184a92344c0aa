//! What we remember, over aws-sdk-dynamodb: one table, one file per kind of item.
