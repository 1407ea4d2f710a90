//! `lea update explain`.

use lea::error::{Error, Kind, Result};
use lea::id::MachineId;
use lea::update::{Asker, Version, WhyNot, check, offer, place as place_of, ranked};

use super::place::Place;
use crate::context::Context;
use crate::output::Columns;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A machine's place in a rollout: the first eight bytes of SHA-256 over VERSION, a line feed and the machine's id in lower \
    case, as a number, modulo 10000, divided by 100. It is offered a release while its place is below the percentage."
)]
pub(super) struct Args {
    /// The machine
    #[arg(long, value_name = "ID")]
    machine_id: String,
    /// Version that it runs [default: what the fleet knows of it]
    #[arg(long, value_name = "VERSION")]
    current: Option<Version>,
    /// As if it took pre-releases
    #[arg(long)]
    prereleases: bool,
}

/// The reason where a machine would be offered a release by a server that offers none.
const SERVER_DISABLED: &str = "server_disabled";

/// Why a release is or isn't offered.
#[derive(serde::Serialize)]
struct Explained {
    version: String,
    #[serde(rename = "type")]
    update_type: String,
    rollout: u8,
    place: f64,
    offered: bool,
    reason: String,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<()> {
    let machine: MachineId = args.machine_id.parse()?;
    let place = Place::open(context)?;
    let current = match &args.current {
        Some(version) => version.clone(),
        None => known(&place, machine.as_str())?,
    };
    let answer = place.releases()?;
    let (releases, closed) = (answer.read()?, answer.is_closed());
    let asker = Asker { version: &current, machine_id: Some(machine.as_str()), prereleases: args.prereleases };
    let offered = offer(if closed { &[] } else { &releases }, asker);
    let explained: Vec<Explained> = ranked(&releases)
        .into_iter()
        .map(|release| {
            let is_it = offered.is_some_and(|offered| offered.file == release.file);
            Explained {
                version: release.version.to_string(),
                update_type: release.update_type.to_string(),
                rollout: release.rollout,
                place: place_of(&release.version, machine.as_str()),
                offered: is_it,
                reason: match check(release, asker) {
                    Ok(()) if closed => SERVER_DISABLED.to_owned(),
                    Ok(()) if is_it => "offered".to_owned(),
                    Ok(()) => "another_is_offered".to_owned(),
                    Err(why) => why.code().to_owned(),
                },
            }
        })
        .collect();
    if context.output.is_json() {
        let offered = offered.map(|release| release.version.to_string());
        return context.output.json(&serde_json::json!({
            "machine_id": machine.as_str(), "version": current.to_string(), "offered": offered, "releases": explained,
        }));
    }
    let mut table = Columns::new(&["VERSION", "TYPE", "ROLLOUT", "PLACE", "OFFERED", "WHY"]);
    for (explained, release) in explained.iter().zip(ranked(&releases)) {
        table.row([
            explained.version.clone(),
            explained.update_type.clone(),
            format!("{} %", explained.rollout),
            format!("{:.2}", explained.place),
            if explained.offered { "yes" } else { "no" }.to_owned(),
            words(check(release, asker), explained),
        ]);
    }
    if table.is_empty() {
        context.output.note("nothing was published yet");
        return Ok(());
    }
    context.output.table(table)?;
    let what = offered.map_or_else(|| "nothing".to_owned(), |release| format!("{} {}", release.update_type, release.version));
    context.output.note(&format!("{machine} runs {current} and is offered {what}"));
    Ok(())
}

fn words(checked: Result<(), WhyNot>, explained: &Explained) -> String {
    match checked {
        Ok(()) if explained.reason == SERVER_DISABLED => "the server offers nothing: update.server_enabled is off there".to_owned(),
        Ok(()) if explained.offered => "it is the newest that is for this machine".to_owned(),
        Ok(()) => "another one is offered".to_owned(),
        Err(WhyNot::NotNewer) => "the machine runs this or a newer one".to_owned(),
        Err(WhyNot::Withdrawn) => "it was withdrawn".to_owned(),
        Err(WhyNot::Paused) => "it is paused".to_owned(),
        Err(WhyNot::Prerelease) => "it is a pre-release".to_owned(),
        Err(WhyNot::BaseTooOld) => "the machine's version is too old for it".to_owned(),
        Err(WhyNot::OutsideRollout(place)) => format!("its place {place:.2} is not below {}", explained.rollout),
        Err(WhyNot::Anonymous) => "the machine is not named".to_owned(),
    }
}

/// The version that the fleet knows of a machine.
fn known(place: &Place, machine: &str) -> Result<Version> {
    let version = place.agent(machine)?.version;
    let unknown = || {
        Error::new(Kind::Input, "version_unknown", format!("the fleet knows no version of {machine}, so that it is offered nothing"))
            .hint("give --current VERSION")
    };
    version.as_deref().and_then(|text| text.parse().ok()).ok_or_else(unknown)
}
