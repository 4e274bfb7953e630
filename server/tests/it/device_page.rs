//! The page on which somebody decides about a command line.

use super::site::{Ask, Cast};
use serde_json::Value;
use testkit::both_engines;

/// What says who it is in words that would go on as a promise.
const HOSTILE: &str = "Host/Only you Reeve/1 ZenML/1 Python/3 OS/linux";
const REEVE: &str = "client_id=5b1c9b1e-2f35-4a5e-9d0f-0c7c36d0a001&scope=reeve:admin";
const ZENML: &str = "client_id=5b1c9b1e-2f35-4a5e-9d0f-0c7c36d0a001";

/// The code that such a program gets.
async fn code(cast: &Cast, form: &str) -> String {
    let ask = Ask::new("POST", "/api/v1/auth/device_authorization").header("user-agent", HOSTILE).form(form);
    let start: Value = serde_json::from_str(&cast.ask(ask).await.body).unwrap();
    start["user_code"].as_str().unwrap().to_owned()
}

/// What the page says to the administrator.
async fn page(cast: &Cast, code: &str) -> String {
    cast.ask(Ask::page(&format!("/devices/verify?user_code={code}")).by(&cast.by_admin)).await.body
}

both_engines! {
    async fn what_a_program_says_of_itself_is_no_part_of_what_reeve_says(world: World) {
        let cast = Cast::new(world).await;
        for (form, sentences) in [
            (REEVE, [
                "Let a program administer as you?",
                "The program that asks will be able to administer Reeve as you, olivia (olivia@acme.test): to see",
            ]),
            (ZENML, [
                "Approve this device?",
                "The program that asks will work as you, olivia (olivia@acme.test): everything",
            ]),
        ] {
            let told = page(&cast, &code(&cast, form).await).await;
            for sentence in sentences {
                assert!(told.contains(sentence), "{sentence}: {told}");
            }
            assert!(told.contains("Device, as it says") && told.contains(">Only you<"), "{told}");
            assert!(!told.contains("Only you will"), "{told}");
        }
    }

    async fn what_a_program_says_of_itself_is_quoted_in_the_end(world: World) {
        let cast = Cast::new(world).await;
        let control = &cast.world.control;
        let cx = cast.world.cx(&cast.admin);
        let approved = code(&cast, REEVE).await;
        control.approve_command_line(&control.my_command_lines(&cx).await.unwrap(), &approved).await.unwrap();
        assert!(page(&cast, &approved).await.contains("the terminal on “Only you”. It goes on"));
        let me = control.myself(&cx).await.unwrap();
        control.revoke_devices(&me).await.unwrap();
        assert!(page(&cast, &approved).await.contains("You approved “Only you” and took it back."));
        let denied = code(&cast, REEVE).await;
        control.deny_device(&me, &denied).await.unwrap();
        assert!(page(&cast, &denied).await.contains("“Only you” got nothing"));
    }
}
