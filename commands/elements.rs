//! `lea elements`: what is on a screenshot, in the form in which `lea resolve --elements` takes it.

use std::path::PathBuf;
use std::process::ExitCode;

use lea::api::ElementsAnswer;
use lea::error::Result;
use lea::files::{Access, write_whole};
use lea::target::{Element, Inventory, Reader, Role, Why, inventory};

use crate::context::Context;
use crate::output::Columns;
use crate::pictures::{check_drawing, picture, without_reader};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The screenshot, PNG or JPEG. Reading it takes Tesseract, see lea doctor
    #[arg(value_hint = clap::ValueHint::FilePath)]
    screenshot: PathBuf,
    /// List these alone: button, link, field, checkbox, radio, "menu item", tab, cell, icon or text
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Option<Role>,
    /// Draw them on a copy of the screenshot, each with its number and role
    #[arg(long, value_name = "OUT.png", value_hint = clap::ValueHint::FilePath)]
    annotate: Option<PathBuf>,
    /// Read the screenshot anew, and keep nothing of what is read
    #[arg(long)]
    no_cache: bool,
}

fn role(text: &str) -> Result<Role, String> {
    Role::named(text).ok_or_else(|| "give one of button, link, field, checkbox, radio, \"menu item\", tab, cell, icon, text".to_owned())
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<ExitCode> {
    if let Some(path) = &args.annotate {
        check_drawing(path, [&args.screenshot].into_iter())?;
    }
    let screenshot = picture(&args.screenshot, context)?;
    let (pixels, text, memory) = (context.pixels(), context.tesseract(), context.scripts(!args.no_cache));
    let spinner = context.output.spinner("reading");
    let found = inventory(&screenshot, Reader { layout: &pixels, text: &text, memory: &*memory }).map_err(without_reader);
    spinner.finish_and_clear();
    let (elements, screen) = match found? {
        Inventory::Elements(elements, screen) => (elements, screen),
        Inventory::Unusable(flaw) => {
            if args.annotate.is_some() {
                context.output.warn("nothing is drawn: the screenshot cannot be used");
            }
            if context.output.is_json() {
                context.output.json(&ElementsAnswer::unusable(flaw))?;
            } else {
                context.output.line(&format!("{}: {}", flaw.verdict().word(), Why::Flawed(flaw).sentence()))?;
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    let numbered = (1..).zip(&elements);
    let listed: Vec<(usize, &Element)> = numbered.filter(|(_, element)| args.role.is_none_or(|role| element.role == role)).collect();
    if let Some(path) = &args.annotate {
        // A screenshot may show anything; its copy is for the one who asked.
        write_whole(path, &pixels.annotate_elements(&screenshot, &listed)?, Access::Owner)?;
        context.output.note(&format!("drawn on {}", path.display()));
    }
    if context.output.is_json() {
        context.output.json(&ElementsAnswer::of(listed.iter().map(|(_, element)| *element), screen))?;
    } else {
        tell(&listed, context)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(listed: &[(usize, &Element)], context: &Context) -> Result<()> {
    let said = |yes: Option<bool>| yes.map_or("-", |yes| if yes { "yes" } else { "no" }).to_owned();
    let mut table = Columns::new(&["NO", "ROLE", "LABEL", "BOX", "ENABLED", "MARKED", "SURE"]);
    for (number, element) in listed {
        let place = element.place;
        table.row([
            number.to_string(),
            element.role.word().to_owned(),
            element.label(),
            format!("{},{} {}x{}", place.x, place.y, place.width, place.height),
            said(element.enabled),
            said(element.marked),
            format!("{:.2}", element.confidence),
        ]);
    }
    if table.is_empty() { context.output.line("there is none") } else { context.output.table(table) }
}
