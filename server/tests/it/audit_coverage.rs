//! Every call that changes something leaves an entry; every call that reads leaves none.

use super::site::Cast;
use super::table::{Leaves, Who, everything};
use testkit::both_engines;

both_engines! {
    async fn what_changes_something_leaves_an_entry_and_what_reads_leaves_none(world: World) {
        let cast = Cast::new(world).await;
        for endpoint in everything() {
            let caller = match endpoint.who {
                Who::Server => cast.by_workspace.clone(),
                _ => cast.caller(endpoint, &cast.admin).await,
            };
            let before = cast.world.audit(cast.org).await;
            let ask = endpoint.request(&cast).by(&caller);
            match endpoint.leaves {
                Leaves::Entry(action) => {
                    let answer = cast.ask(ask).await;
                    let after = cast.world.audit(cast.org).await;
                    let done = answer.status.is_success() || answer.status.is_redirection();
                    assert!(done, "{endpoint:?}: {} {}", answer.status, answer.body);
                    assert_ne!(before, after, "{endpoint:?} left nothing");
                    assert_eq!(after[0], format!("{action}/success"), "{endpoint:?}");
                }
                Leaves::Reads | Leaves::Nothing(_) => {
                    cast.ask(ask).await;
                    assert_eq!(before, cast.world.audit(cast.org).await, "{endpoint:?} left an entry");
                }
                Leaves::SeenBy(test) => assert!(test.contains("::"), "{endpoint:?} names no test"),
            }
        }
    }
}

#[test]
fn looking_changes_nothing_but_exports_are_noted() {
    for endpoint in everything().filter(|endpoint| endpoint.method == "GET") {
        // ZenML servers ask by GET whom to let in; providers send people back by GET.
        let path = endpoint.path;
        let noted = path.ends_with("/export")
            || path.ends_with("/authorize_server")
            || path.starts_with("/api/auth/");
        assert!(noted || endpoint.leaves == Leaves::Reads, "{endpoint:?}");
    }
}
