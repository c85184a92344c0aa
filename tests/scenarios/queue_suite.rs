//! The rules of `tests::queue_suite`, for the queues of one machine and for SQS's side.

use tests::queue_suite::{self, Suite};

macro_rules! every_rule {
    ($suite:expr; $($rule:ident)*) => {
        $(#[test]
        fn $rule() {
            queue_suite::$rule(&mut $suite);
        })*
    };
}

mod embedded {
    use super::*;

    every_rule! { Suite::embedded();
        a_group_is_handed_out_in_order_one_batch_at_a_time
        a_backlog_does_not_hold_up_others
        the_same_id_after_five_minutes_is_another_message
        what_is_put_back_comes_again_after_its_pause_and_its_group_waits
        what_was_not_tried_comes_again_at_once_in_order
        a_worker_that_never_answers_loses_its_messages
        a_message_that_is_never_handled_is_put_aside
        a_long_send_arrives_whole_and_in_order
        a_restart_loses_nothing_and_frees_what_was_in_hand
    }
}

mod sqs {
    use super::*;

    every_rule! { Suite::sqs(false);
        a_group_is_handed_out_in_order_one_batch_at_a_time
        a_backlog_does_not_hold_up_others
        the_same_id_after_five_minutes_is_another_message
        what_is_put_back_comes_again_after_its_pause_and_its_group_waits
        what_was_not_tried_comes_again_at_once_in_order
        a_worker_that_never_answers_loses_its_messages
        a_message_that_is_never_handled_is_put_aside
        a_long_send_arrives_whole_and_in_order
    }
}

/// One answer of SQS may carry several groups.
mod sqs_with_mixed_answers {
    use super::*;

    every_rule! { Suite::sqs(true);
        a_group_is_handed_out_in_order_one_batch_at_a_time
        what_is_put_back_comes_again_after_its_pause_and_its_group_waits
        what_was_not_tried_comes_again_at_once_in_order
        a_long_send_arrives_whole_and_in_order
    }

    #[test]
    fn a_batch_is_of_one_group() {
        queue_suite::groups_of_one_answer_are_batches_of_their_own(&mut Suite::sqs(true));
    }
}
