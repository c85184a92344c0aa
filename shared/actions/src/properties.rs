//! Properties of deals and line items that people read and fill in for actions. They are made when an action first meets a
//! portal without them (group *Kleer*, contract hubspot-crm §7).

use hubspot::{PropertyCreate, PropertyGroup, Record};

use crate::Action;
use crate::definition::RunsOn;
use crate::line_items::PRODUCT_OVERRIDE;
use crate::outcome::Trouble;
use crate::work::Work;

const GROUP: &str = "kleer";

impl Work<'_> {
    /// Makes what the portal lacks, if a deal that was read shows that it lacks one: HubSpot leaves out of an answer what it does
    /// not know, and gives an empty property as null (contract hubspot-crm §3.2).
    pub(crate) async fn make_properties(&self, deal: &Record) -> Result<(), Trouble> {
        let own = self.definition.id_output.name;
        if self.definition.runs_on != RunsOn::Deals || deal.properties.contains_key(own) {
            return Ok(());
        }
        let ids = Action::ALL.map(Action::definition).into_iter().filter(|action| action.runs_on == RunsOn::Deals);
        let mut ids: Vec<(&str, &str)> = ids.map(|action| (action.id_output.name, action.id_output.label.en)).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids = ids.into_iter().map(|(name, label)| {
            property(
                name,
                label,
                "The record in Kleer that a workflow made of this deal. Empty it to make another one.",
            )
        });
        self.make("deals", &ids.collect::<Vec<_>>()).await?;
        let product = property(
            PRODUCT_OVERRIDE,
            "Kleer product ID",
            "The product in Kleer, for line items whose product does not come from Kleer.",
        );
        self.make("line_items", &[product]).await
    }

    async fn make(&self, object: &str, properties: &[PropertyCreate]) -> Result<(), Trouble> {
        let hubspot = &self.connection.hubspot;
        let group = PropertyGroup { name: GROUP.to_owned(), label: "Kleer".to_owned(), archived: false };
        match hubspot.groups().create(object, &group).await {
            Ok(_) => {}
            Err(error) if hubspot::is_already_exists(&error) => {}
            Err(error) => return Err(Trouble::hubspot(&error)),
        }
        for property in properties {
            match hubspot.properties().create(object, property).await {
                Ok(_) => {}
                Err(error) if hubspot::is_already_exists(&error) => {}
                Err(error) => return Err(Trouble::hubspot(&error)),
            }
        }
        Ok(())
    }
}

fn property(name: &str, label: &str, description: &str) -> PropertyCreate {
    PropertyCreate {
        name: name.to_owned(),
        label: label.to_owned(),
        value_type: "string".to_owned(),
        field_type: "text".to_owned(),
        group_name: GROUP.to_owned(),
        description: description.to_owned(),
        ..PropertyCreate::default()
    }
}
