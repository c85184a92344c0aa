//! The types of Kleer that also listen: how one of their records is read and saved.

use domain::{KleerId, ObjectType};
use kleer::Document;

/// A type of which Kleer takes changes (contract product §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    Client,
    Project,
}

impl Resource {
    /// None for types that travel one way.
    pub(super) const fn of(object: ObjectType) -> Option<Self> {
        match object {
            ObjectType::Client => Some(Self::Client),
            ObjectType::Project => Some(Self::Project),
            ObjectType::Product | ObjectType::Agreement | ObjectType::Invoice | ObjectType::LineItem => None,
        }
    }

    /// The whole document of a record; `Missing` if there is none.
    pub(super) async fn get(self, kleer: &kleer::Api, id: KleerId) -> Result<Document, rest::Error> {
        match self {
            Self::Client => kleer.get_client(id.0).await,
            Self::Project => kleer.get_project(id.0).await,
        }
    }

    /// Saves a whole document: what [`Resource::get`] gave, with changes laid over it.
    pub(super) async fn save(self, kleer: &kleer::Api, id: KleerId, document: &Document) -> Result<(), rest::Error> {
        match self {
            Self::Client => kleer.update_client(id.0, document).await,
            Self::Project => kleer.update_project(id.0, document).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Direction;

    use super::*;

    #[test]
    fn exactly_the_two_way_types_listen() {
        for object in ObjectType::ALL {
            let two_way = crate::objects::spec(object).direction == Direction::TwoWay;
            assert_eq!(Resource::of(object).is_some(), two_way, "{object}");
        }
    }
}
