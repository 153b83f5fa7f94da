//! Models as people and programs choose them.

use domain::models::ModelChoice;

use crate::Services;
use crate::access::Caller;

impl Services {
    /// The models a caller may use now, by name.
    pub fn model_list(&self, caller: &Caller) -> Vec<ModelChoice> {
        let house = self.house();
        let mut choices = house
            .catalog
            .choices(self.runtime().now(), house.settings.default_output_tokens);
        choices.retain(|choice| caller.may_use(&choice.id, &choice.id));
        choices
    }
}
