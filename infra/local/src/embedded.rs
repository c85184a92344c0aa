//! DynamoDB in this process: the AWS SDK's requests are answered by an embedded engine over SQLite. No socket, no runtime.

use aws_sdk_dynamodb::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fuse::Fuse;
use crate::weather::{Fate, Weather};

const OPERATION_PREFIX: &str = "DynamoDB_20120810.";

/// The engine as the SDK's HTTP client; calls go through the fuse.
#[must_use]
pub fn http_client(database: Database, fuse: Fuse) -> SharedHttpClient {
    http_client_in(database, fuse, Weather::fair(0))
}

/// The same, in weather that may be bad.
pub(crate) fn http_client_in(database: Database, fuse: Fuse, weather: Weather) -> SharedHttpClient {
    SharedHttpClient::new(Engine { database, fuse, weather })
}

/// Every item of a table as JSON, for tests that look for what must not stand there.
///
/// # Errors
/// If the engine fails.
pub fn dump(database: &Database, table: &str) -> dynoxide::Result<Vec<serde_json::Value>> {
    let malformed = |e: serde_json::Error| DynoxideError::SerializationException(e.to_string());
    let mut items = Vec::new();
    let mut start = serde_json::Value::Null;
    loop {
        let mut request = serde_json::json!({ "TableName": table });
        if !start.is_null() {
            request["ExclusiveStartKey"] = start;
        }
        let answer = database.scan(serde_json::from_value(request).map_err(malformed)?)?;
        let mut answer = serde_json::to_value(&answer).map_err(malformed)?;
        if let Some(page) = answer["Items"].as_array_mut() {
            items.append(page);
        }
        start = answer["LastEvaluatedKey"].take();
        if start.is_null() {
            return Ok(items);
        }
    }
}

/// The engine. Cheap to clone.
#[derive(Clone)]
struct Engine {
    database: Database,
    fuse: Fuse,
    weather: Weather,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

impl HttpClient for Engine {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Engine {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let engine = self.clone();
        HttpConnectorFuture::new(async move { Ok(engine.fuse.guard(async { engine.answer(&request) }).await) })
    }
}

impl Engine {
    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.strip_prefix(OPERATION_PREFIX).unwrap_or(target);
        let body = request.body().bytes().unwrap_or_default();
        let (status, answer) = match self.weather.next(operation) {
            Fate::Done => answer(&self.database, operation, body),
            Fate::Throttled => trouble(400, "ProvisionedThroughputExceededException"),
            Fate::Failed => trouble(500, "InternalServerError"),
            Fate::Contended => trouble(400, "TransactionConflictException"),
            Fate::Lost => {
                answer(&self.database, operation, body);
                trouble(500, "InternalServerError")
            }
        };
        self.fuse.seen(operation, body, &answer);
        let status =
            StatusCode::try_from(status).unwrap_or_else(|_| StatusCode::try_from(500).expect("500 is a status"));
        HttpResponse::new(status, SdkBody::from(answer))
    }
}

/// What DynamoDB answers when it is in trouble.
fn trouble(status: u16, kind: &str) -> (u16, Vec<u8>) {
    let body =
        serde_json::json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{kind}"), "message": "trouble" });
    (status, body.to_string().into_bytes())
}

/// Status and body of the engine's answer to one call.
pub(crate) fn answer(database: &Database, operation: &str, body: &[u8]) -> (u16, Vec<u8>) {
    match dispatch(database, operation, body) {
        Ok(answer) => (200, answer),
        Err(error) => (error.status_code(), error.to_json().into_bytes()),
    }
}

fn dispatch(db: &Database, operation: &str, body: &[u8]) -> dynoxide::Result<Vec<u8>> {
    match operation {
        "PutItem" => call(body, |request| db.put_item(request)),
        "GetItem" => call(body, |request| db.get_item(request)),
        "DeleteItem" => call(body, |request| db.delete_item(request)),
        "UpdateItem" => call(body, |request| db.update_item(request)),
        "BatchGetItem" => call(body, |request| db.batch_get_item(request)),
        "Query" => call(body, |request| db.query(request)),
        "TransactWriteItems" => call(body, |request| db.transact_write_items(request)),
        "ListTables" => call(body, |request| db.list_tables(request)),
        "CreateTable" => call(body, |request| db.create_table(request)),
        other => Err(DynoxideError::ValidationException(format!("{other} is not used by this product"))),
    }
}

fn call<Request, Answer>(
    body: &[u8],
    operation: impl FnOnce(Request) -> dynoxide::Result<Answer>,
) -> dynoxide::Result<Vec<u8>>
where
    Request: DeserializeOwned,
    Answer: Serialize,
{
    let request = serde_json::from_slice(body).map_err(|e| DynoxideError::SerializationException(e.to_string()))?;
    let answer = operation(request)?;
    serde_json::to_vec(&answer).map_err(|e| DynoxideError::InternalServerError(e.to_string()))
}
