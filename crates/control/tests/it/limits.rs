use super::arrange::At;
use super::zenml::{counted, enroll, server_of};
use control::Result;
use control::authz::{LimitManage, LimitRead};
use model::limit::Feature;
use model::{ErrorCode, OrgId, OrgRole};
use testkit::{Person, World, both_engines};

async fn set(world: &World, by: &Person, org: OrgId, feature: Feature, most: &str) -> Result<()> {
    let auth = At(world, by, org).may::<LimitManage>().await?;
    world.control.set_limit(&auth, feature, most).await
}

both_engines! {
    async fn a_limit_holds_for_all_workspaces_together_until_it_is_raised_or_something_goes(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let (dev, prod) = (enroll(&world, org, &olivia, "dev").await, enroll(&world, org, &olivia, "prod").await);
        let (on_dev, on_prod) = (server_of(&world, org, &dev).await, server_of(&world, org, &prod).await);
        let id = org.to_string();
        let more = async |feature: &str| world.control.check_entitlement(&on_dev, &id, feature).await.map_err(|e| e.code());
        assert_eq!(more("pipeline").await, Ok(()), "without a limit there is none");
        set(&world, &olivia, org, Feature::Pipeline, " 2 ").await.unwrap();
        world.control.record_usage(&on_dev, &counted(org, dev.workspace, Feature::Pipeline, 1, "a")).await.unwrap();
        assert_eq!(more("pipeline").await, Ok(()));
        world.control.record_usage(&on_prod, &counted(org, prod.workspace, Feature::Pipeline, 1, "b")).await.unwrap();
        assert_eq!(more("pipeline").await, Err(ErrorCode::LimitReached));
        assert_eq!((more("model").await, more("something new").await), (Ok(()), Ok(())));
        world.control.record_usage(&on_prod, &counted(org, prod.workspace, Feature::Pipeline, -1, "b")).await.unwrap();
        assert_eq!(more("pipeline").await, Ok(()));
        set(&world, &olivia, org, Feature::Pipeline, "0").await.unwrap();
        assert_eq!(more("pipeline").await, Err(ErrorCode::LimitReached));
        set(&world, &olivia, org, Feature::Pipeline, "").await.unwrap();
        assert_eq!(more("pipeline").await, Ok(()));
        assert_eq!(world.audit(org).await.iter().filter(|entry| *entry == "limit.updated/success").count(), 3);
    }

    async fn the_report_names_numbers_limits_and_workspaces(world: World) {
        let org = world.org("acme").await;
        let olivia = world.member(org, "olivia", OrgRole::Admin).await;
        let bill = world.member(org, "bill", OrgRole::Billing).await;
        let vera = world.member(org, "vera", OrgRole::Viewer).await;
        let bob = world.member(org, "bob", OrgRole::Member).await;
        let dev = enroll(&world, org, &olivia, "dev").await;
        let server = server_of(&world, org, &dev).await;
        for resource in ["a", "b", "a"] {
            world.control.record_usage(&server, &counted(org, dev.workspace, Feature::Pipeline, 1, resource)).await.unwrap();
        }
        set(&world, &bill, org, Feature::Pipeline, "10").await.unwrap();
        for (person, manages) in [(&olivia, true), (&bill, true), (&vera, false)] {
            let auth = At(&world, person, org).may::<LimitRead>().await.unwrap();
            let report = world.control.usage_report(&auth).await.unwrap();
            assert_eq!((report.features.len(), report.can_manage), (Feature::ALL.len(), manages));
            let pipelines = report.features.iter().find(|one| one.feature == Feature::Pipeline).unwrap();
            assert_eq!((pipelines.used, pipelines.limit), (2, Some(10)));
            assert_eq!((pipelines.by_workspace[0].workspace, pipelines.by_workspace[0].used), (dev.workspace, 2));
        }
        assert_eq!(set(&world, &vera, org, Feature::Pipeline, "1").await.unwrap_err().code(), ErrorCode::Forbidden);
        assert_eq!(At(&world, &bob, org).may::<LimitRead>().await.unwrap_err().code(), ErrorCode::Forbidden);
        for most in ["-1", "1.5", "many", "1000000001", "99999999999999999999"] {
            let error = set(&world, &bill, org, Feature::Pipeline, most).await.unwrap_err();
            assert!(error.fields().contains_key("most"), "{most}");
        }
    }
}
