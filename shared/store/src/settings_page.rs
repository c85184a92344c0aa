//! What the settings page alone keeps and asks for: small documents of the portal, which requests were answered, problems page
//! by page, records written per day, and what is forgotten when a portal starts afresh with another Kleer company.

use domain::{KleerId, ObjectType, PortalId, Problem};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::documents::{Versioned, document};
use crate::item::{Item, n, number, s, text};
use crate::problems::count_key;
use crate::{Error, Pairing, Store};

/// Days for which the records written are remembered.
const DAYS_KEPT: i64 = 90;
const DAY_S: i64 = 24 * 60 * 60;

/// The small documents of a portal that the page keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memo {
    /// Who accepted which terms.
    Terms,
    /// What the connected Kleer company is called.
    KleerCompany,
    /// How far a start afresh with another Kleer company has come.
    Afresh,
    /// What a run of a type would do, as it was found out last.
    Preview(ObjectType),
}

impl Memo {
    fn sort_key(self) -> String {
        match self {
            Self::Terms => "terms".to_owned(),
            Self::KleerCompany => "kleer_company".to_owned(),
            Self::Afresh => "afresh".to_owned(),
            Self::Preview(object) => format!("preview#{object}"),
        }
    }
}

/// Some problems of a type, by Kleer id as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemPage {
    /// At most as many as were asked for.
    pub problems: Vec<Problem>,
    /// Where the next ones begin; none if there are none.
    pub after: Option<String>,
}

/// Records that were written to HubSpot on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The day, on the calendar of Europe/Stockholm.
    pub day: Date,
    /// The type.
    pub object: ObjectType,
    /// How many.
    pub records: u64,
}

impl Store {
    /// A document of the page; none if it was never written.
    ///
    /// # Errors
    /// If the table fails or it cannot be read.
    pub async fn memo<T: DeserializeOwned>(&self, portal: PortalId, memo: Memo) -> Result<Option<Versioned<T>>, Error> {
        self.get_document(&portal.to_string(), &memo.sort_key()).await
    }

    /// Writes a document of the page if it is still at `expected` (0: if there is none). False if somebody else was faster.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn put_memo<T: Serialize>(
        &self,
        portal: PortalId,
        memo: Memo,
        value: &T,
        expected: u64,
    ) -> Result<bool, Error> {
        self.put_document(&portal.to_string(), &memo.sort_key(), value, expected).await
    }

    /// Writes a document of the page that anybody would write the same.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn set_memo<T: Serialize>(&self, portal: PortalId, memo: Memo, value: &T) -> Result<(), Error> {
        self.set_document(&portal.to_string(), &memo.sort_key(), value).await
    }

    /// Writes a document of the page that anybody would write the same; the table itself forgets it after `expires_at`.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn set_memo_until<T: Serialize>(
        &self,
        portal: PortalId,
        memo: Memo,
        value: &T,
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let key = memo.sort_key();
        let json = serde_json::to_string(value).map_err(|e| Error::unreadable(format!("{portal}/{key}"), e))?;
        let update = self.client.update_item().table_name(&self.table).key("pk", s(portal.to_string()));
        let update = update
            .key("sk", s(key))
            .update_expression("SET doc = :doc, expires_at = :until ADD v :one")
            .expression_attribute_values(":doc", s(json))
            .expression_attribute_values(":until", n(expires_at.as_second()))
            .expression_attribute_values(":one", n(1));
        update.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }

    /// Takes a request by its name. False if it was taken before: somebody sends it again. The table itself forgets it after
    /// `expires_at`.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn take_request(&self, portal: PortalId, name: &str, expires_at: Timestamp) -> Result<bool, Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", s(requests(portal)))
            .item("sk", s(name))
            .item("expires_at", n(expires_at.as_second()))
            .condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            Ok(_) => Ok(true),
            Err(e) if e.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(false),
            Err(e) => Err(Error::from_sdk(&e)),
        }
    }

    /// A request that was taken and could not be answered may be sent again.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn release_request(&self, portal: PortalId, name: &str) -> Result<(), Error> {
        self.delete_item(&requests(portal), name).await
    }

    /// The problem of a record; none if it has none.
    ///
    /// # Errors
    /// If the table fails or it cannot be read.
    pub async fn problem(
        &self,
        portal: PortalId,
        object: ObjectType,
        kleer_id: KleerId,
    ) -> Result<Option<Problem>, Error> {
        let found = self.get_document(&problems(portal, object), &kleer_id.to_string()).await?;
        Ok(found.map(|problem| problem.value))
    }

    /// Some problems of a type: the first ones, or those after where another answer ended.
    ///
    /// # Errors
    /// If the table fails or one cannot be read.
    pub async fn problem_page(
        &self,
        portal: PortalId,
        object: ObjectType,
        limit: u16,
        after: Option<&str>,
    ) -> Result<ProblemPage, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .limit(i32::from(limit.max(1)))
            .expression_attribute_values(":pk", s(problems(portal, object)));
        let query = match after {
            None => query.key_condition_expression("pk = :pk"),
            Some(after) => query
                .key_condition_expression("pk = :pk AND sk > :after")
                .expression_attribute_values(":after", s(after)),
        };
        let answer = query.send().await.map_err(|e| Error::from_sdk(&e))?;
        let is_more = answer.last_evaluated_key.as_ref().is_some_and(|key| !key.is_empty());
        let items: Vec<Item> = answer.items.unwrap_or_default();
        let after = items.last().filter(|_| is_more).and_then(|item| text(item, "sk")).map(str::to_owned);
        let problems = items.iter().map(|item| document(item).map(|one| one.value)).collect::<Result<_, _>>()?;
        Ok(ProblemPage { problems, after })
    }

    /// Counts records that were written to HubSpot; for the chart, so a crash may lose some of them.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn count_written(&self, portal: PortalId, written: Written, now: Timestamp) -> Result<(), Error> {
        let Written { day, object, records } = written;
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(days(portal)))
            .key("sk", s(format!("{day}#{object}")))
            .update_expression("SET expires_at = :until ADD records :records")
            .expression_attribute_values(":until", n(now.as_second() + DAYS_KEPT * DAY_S))
            .expression_attribute_values(":records", n(records));
        update.send().await.map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }

    /// Records that were written to HubSpot since a day, by day and type.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn written_since(&self, portal: PortalId, from: Date) -> Result<Vec<Written>, Error> {
        let items = self.query_prefix(&days(portal), "").await?;
        let read = |item: &Item| {
            let (day, object) = text(item, "sk")?.split_once('#')?;
            let records = number(item, "records").ok()??;
            Some(Written { day: day.parse().ok()?, object: object.parse().ok()?, records })
        };
        Ok(items.iter().filter_map(read).filter(|written| written.day >= from).collect())
    }

    /// Forgets some bindings whatever they say: the records that they were about mean something else from now on.
    ///
    /// # Errors
    /// If the table fails; call it again.
    pub async fn drop_bindings(&self, pairing: &Pairing, ids: &[KleerId]) -> Result<(), Error> {
        for partition in [pairing.slim(), pairing.detail()] {
            let key =
                |id: &KleerId| Item::from([("pk".to_owned(), s(&partition)), ("sk".to_owned(), s(id.to_string()))]);
            self.delete_keys(ids.iter().map(key).collect()).await?;
        }
        Ok(())
    }

    /// Forgets what is left of a former Kleer company besides its bindings: problems, first contacts, where Kleer keeps its
    /// agreements, what was made for which record of HubSpot.
    ///
    /// # Errors
    /// If the table fails; call it again.
    pub async fn drop_company(&self, portal: PortalId) -> Result<(), Error> {
        let of_records = ObjectType::ALL.map(|object| problems(portal, object));
        for partition in of_records.into_iter().chain([format!("{portal}#execution")]) {
            self.delete_keys(self.keys(&partition).await?).await?;
        }
        for object in ObjectType::ALL {
            for kind in ["first_contact", "capability"] {
                self.delete_item(&portal.to_string(), &format!("{kind}#{object}")).await?;
            }
            for key in [count_key(object), Memo::Preview(object).sort_key()] {
                self.delete_item(&portal.to_string(), &key).await?;
            }
        }
        Ok(())
    }

    /// All pairings that a portal ever had.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn all_pairings(&self, portal: PortalId) -> Result<Vec<Pairing>, Error> {
        let read = |name: String| {
            let (object, hubspot_object) = name.split_once('#')?;
            Some(Pairing::new(portal, object.parse().ok()?, hubspot_object))
        };
        Ok(self.pairings(portal).await?.into_iter().filter_map(read).collect())
    }
}

fn problems(portal: PortalId, object: ObjectType) -> String {
    format!("{portal}#problem#{object}")
}

fn requests(portal: PortalId) -> String {
    format!("{portal}#request")
}

fn days(portal: PortalId) -> String {
    format!("{portal}#day")
}
