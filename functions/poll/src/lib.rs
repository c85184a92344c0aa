//! The clock ticked, or one object type has its turn: poll Kleer, plan, fan out.
