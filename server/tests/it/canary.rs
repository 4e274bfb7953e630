//! Secrets exist in clear once. Everything that can be read afterwards, by anyone, and the database itself, is
//! searched for them.

use super::site::{Ask, Caller, Cast, command_line, sign_in_link};
use super::table::{Leaves, everything};
use control::api_keys::NewApiKey;
use control::authz::WorkspaceKeys;
use testkit::both_engines;

both_engines! {
    async fn no_secret_comes_back_after_it_was_handed_over(world: World) {
        let cast = Cast::new(world).await;
        let control = &cast.world.control;
        let cx = cast.world.cx(&cast.admin);
        let me = control.my_keys(&cx).await.unwrap();
        let token = control.create_api_key(&me, &NewApiKey::parse("laptop", "never", "").unwrap()).await.unwrap();
        let keys = control.authorize::<WorkspaceKeys>(&cx, cast.workspace).await.unwrap();
        let rotated = control.rotate_enrollment_key(&keys, 60).await.unwrap();
        let link = sign_in_link(&cast.world, &cast.member).await;
        let mut canaries = vec![token.secret.clone(), rotated.key, cast.enrollment_key.clone(), link];
        for caller in [&cast.by_admin, &cast.by_member, &cast.by_stranger, &cast.by_workspace] {
            if let Caller::Browser(secret) | Caller::Program(secret) = caller {
                canaries.push(secret.clone());
            }
        }
        let terminal = command_line(&cast.world, &cast.admin).await;
        if let Caller::Program(secret) = &terminal {
            canaries.push(secret.clone());
        }
        assert!(canaries.iter().all(|canary| canary.len() > 40), "these are no secrets");

        let program = Caller::Program(token.secret);
        let everyone = [
            &Caller::Nobody,
            &cast.by_admin,
            &cast.by_member,
            &cast.by_stranger,
            &cast.by_workspace,
            &program,
            &terminal,
        ];
        for endpoint in everything().filter(|endpoint| endpoint.leaves == Leaves::Reads) {
            for caller in everyone {
                let answer = cast.ask(endpoint.request(&cast).by(caller)).await;
                let headers = format!("{:?}", answer.headers);
                for canary in &canaries {
                    assert!(!answer.body.contains(canary), "{endpoint:?} gives out a secret");
                    assert!(!headers.contains(canary), "{endpoint:?} gives out a secret in a header");
                }
            }
        }
        let export = format!("/organizations/{}/audit/export?format=jsonl", cast.org);
        let log = cast.ask(Ask::get(&export).by(&cast.by_admin)).await.body;
        assert!(log.contains("api_key.created") && log.contains("workspace.key_rotated"), "the log is not whole");
        let dump = cast.world.dump().await;
        assert!(dump.contains("olivia@acme.test") && dump.contains("research"), "the dump is not whole");
        for canary in &canaries {
            // The random part alone would do as well.
            let body = canary.split_once('_').map_or(canary.as_str(), |(_, body)| body);
            assert!(!log.contains(body), "the audit log holds a secret");
            assert!(!dump.contains(body), "the database holds a secret in clear");
        }
    }
}
