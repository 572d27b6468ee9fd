"""Content of the page, section by section.

A part whose inputs are missing says so. A section that the experiment cannot have is not there.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from markupsafe import Markup

from ...priors import constants
from ...priors.bridges import drift_scales
from ...priors.model import alpha_of
from ...priors.spec import PRODUCTION_BETA
from ...votes.selection_words import in_words
from ...votes.sources import source_of
from ...votes.unit import Unit
from ...wording.numbers import count, number, percent
from ...wording.priors import prior_shown, prior_words
from ..files.data import Report, UnitResults
from ..page.language import listed, plural
from ..page.parts import Bullets, Code, Heading, Part, Prose, Section, Table, Text, missing
from ..page.people import named
from ..page.words import unit_title
from . import figures, forest, glance, left_out, machine_tables, provenance_tables, tables
from .absences import absence_parts
from .across import compared_section, right_of_sections
from .axis import axis_parts
from .bills import bill_parts
from .bridges import bridge_parts, tie_sentence
from .changes import change_parts, shrinkage_table
from .convergence import convergence_parts, gates_text
from .findings import key_findings
from .first import first_section
from .fit import check_parts, fit_parts
from .held_out import held_out_sections
from .labels import fit_name
from .linked import linking_section
from .pivots import pivot_parts
from .plane import plane_parts
from .priors import external_sections, sensitivity_section
from .readable import reasons_of, unreadable
from .reading import settled
from .roster import left_out_sentences, oddity_parts, rosters
from .structure import structure_sections
from .warnings import axis_warnings, mode_warnings
from .withholding import part_withheld


def all_sections(report: Report) -> list[Section]:
    """Return the sections of the page, in reading order."""
    reading: list[Part] = [
        Prose("reading.html.j2", {"joint": bool(report.config.joint), "house": unit_title("house")}),
        Text(gates_text(report)),
        _stories_text(report),
    ]
    return [
        first_section(report),
        Section("findings", "Findings in full", key_findings(report)),
        Section("reading", "How to read this report", reading),
        _model_section(report),
        _data_section(report),
        *(_chamber_section(report, Unit(name)) for name in report.config.chambers),
        *structure_sections(report),
        *_across(report),
        *held_out_sections(report),
        sensitivity_section(report),
        *external_sections(report),
        _reproduce_section(report),
    ]


def _stories_text(report: Report) -> Text:
    """Say that names lead to stories."""
    if not any(unit.votes for unit in report.units.values()):
        return missing("Names do not lead to the stories of members and roll calls (vote_probabilities.nc is missing).")
    return Text(
        "The name of a member or of a roll call opens its story: where it stands, every vote and its probability, and "
        "who deviated. The address of an open story can be shared."
    )


def _across(report: Report) -> list[Section]:
    """Show the chambers side by side; nothing of an experiment with one chamber, no joint model where there is none."""
    if len(report.config.chambers) < 2:
        return []
    joint = [_joint_section(report)] if report.config.joint else []
    return [compared_section(report), *joint, linking_section(report), *right_of_sections(report)]


def _model_section(report: Report) -> Section:
    """Equations and priors of this variant."""
    config = report.config
    units = report.units.values()
    small = [
        Markup("{} {}s of the {}").format(count(row.n), named(row.party), unit_title(row.chamber))
        for row in next((u.parties for u in units if u.unit.is_joint and u.parties), None)
        or [row for u in units for row in u.parties or ()]
        if row.n < constants.SMALL_PARTY
    ]
    own, alphas = config.model.priors, [alpha_of(config.fit_spec(unit)) for unit in config.units]
    priors = [config.beta_prior, *([config.joint_beta_prior] if config.joint else [])]
    priors += [alphas[0].prior, alphas[-1].prior, own.mu, *([own.sigma_within] if own.sigma_within else [])]
    priors += [own.sigma_chamber, own.sigma_party] if config.joint else []
    context = {
        "prior": constants,
        "flat_beta": PRODUCTION_BETA,
        "beta_words": prior_words(config.beta_prior),
        "joint_beta": config.joint_beta_prior if config.joint else None,
        "joint_beta_words": prior_words(config.joint_beta_prior) if config.joint else "",
        "notes": [note for note in dict.fromkeys(prior.family.note for prior in priors) if note],
        "alpha_words": prior_shown(alphas[0].prior),
        "joint_alpha_words": prior_shown(alphas[-1].prior),
        "scaled": alphas[0].scaled,
        "mu_words": prior_shown(own.mu),
        "within_words": prior_shown(own.sigma_within) if own.sigma_within else "",
        "chamber_words": prior_shown(own.sigma_chamber),
        "party_words": prior_shown(own.sigma_party),
        "bridges": config.joint.bridges if config.joint else None,
        "drift": drift_scales(config.joint_beta_prior, alphas[-1].sigma) if config.joint else None,
        "on_log": config.joint_beta_prior.positive,
        "coordinates": config.coordinates,
        "small": "" if own.sigma_within else listed(small),
        "structure": config.model.structure,
        "covariates": listed([named(column) for column in config.model.covariates]),
    }
    return Section("model", "The model", [Prose("model.html.j2", context)])


def _data_section(report: Report) -> Section:
    """Show the session, how much of it was used, and who and what was left out."""
    session, units = report.config.session, report.units
    text = Markup(
        "Session <b>{}</b>, {}. Only Yea and Nay count as votes; every other entry is missing. Roll calls whose "
        "smaller side has less than {} of Yea and Nay were dropped first, then members with fewer than {} on the "
        "remaining roll calls."
    ).format(
        session.name,
        source_of(session.source).files.format(seed=session.seed),
        percent(session.min_minority_share, 1),
        plural(session.min_votes, "such vote"),
    )
    if session.selection:
        text += Markup(" The roll calls were selected before that: {}.").format(in_words(session.selection))
    parts: list[Part] = [Text(text)]
    parts.append(
        provenance_tables.data_table(report)
        if units
        else missing("There are no results, so members and votes cannot be counted.")
    )
    parts += [Heading("participation-heading", "Participation"), *left_out.participation_parts(report)]
    parts += _left_out(report)
    return Section("data", "The data, and who is left out", parts)


def _left_out(report: Report) -> list[Part]:
    parts: list[Part] = [*oddity_parts(report), Heading("left-out", "Left out")]
    for name, unit in report.units.items():
        if name.is_joint:
            continue
        if unit.get("roster") is None:
            parts.append(missing(f"{unit_title(name)}: the results do not record who is not in the fit."))
        elif not any(block["left_out"] for block in rosters(unit)):
            parts.append(Text(f"{unit_title(name)}: every member listed is in the fit."))
        else:
            said = [text for block in rosters(unit) for text in left_out_sentences(block["left_out"])]
            parts.append(Text(Markup("{}: {}").format(unit_title(name), Markup(" ").join(said))))
    absent = [unit_title(c) for c in report.config.chambers if c not in report.dropped]
    if absent:
        parts.append(
            missing(Markup("No list of dropped members and roll calls was found for: {}.").format(listed(absent)))
        )
    gone = left_out.left_out(report.dropped)
    if gone:
        parts.append(left_out.reason_table(gone))
        parts += [provenance_tables.dropped_table(chamber, rows) for chamber, rows in gone.items()]
    elif report.dropped:
        parts.append(Text("The filters dropped no member and no roll call."))
    read = [provenance_tables.otherwise_table(chamber, rows) for chamber, rows in report.dropped.items()]
    return [*parts, *(table for table in read if table)]


def _chamber_section(report: Report, name: Unit) -> Section:
    """Show everything about one chamber's own model."""
    unit = report.units.get(name)
    if unit is None:
        return Section(
            name, unit_title(name), [missing("This chamber’s model has no results, because its fit is missing.")]
        )
    return Section(name, unit_title(name), _unit_parts(report, unit))


def _joint_section(report: Report) -> Section:
    """Both chambers on one scale, where the variant asks for it."""
    title, unit = "Both chambers on one scale", report.units.get(Unit.JOINT)
    if unit is None:
        return Section("joint", title, [missing("The joint model has no results, because its fit is missing.")])
    shared = unit.get("n_shared_bills") or 0
    text = Markup("One model covers {} and {}. {}").format(
        plural(unit.get("n_legislators") or 0, "member"),
        plural((unit.get("n_rollcalls") or 0) + shared, "roll call"),
        tie_sentence(unit.get("bridges"), shared),
    )
    return Section("joint", title, [Text(text), *bridge_parts(report, unit), *_unit_parts(report, unit)])


def _unit_parts(report: Report, unit: UnitResults) -> list[Part]:
    """Parties, ideal points, comparison with other scores, bills: alike for a chamber and for the joint model."""
    parts: list[Part] = []
    if not settled(unit):
        parts.append(Text(Markup("<strong>This fit did not converge.</strong> Do not rely on its numbers."), "bad"))
    parts += mode_warnings(unit)
    parts += axis_warnings(report, unit)
    key = unit.unit
    parts += [Heading(f"{key}-party", "Parties"), *_party_parts(report, unit)]
    parts += [Heading(f"{key}-points", "Ideal points"), *_member_parts(unit)]
    parts += plane_parts(unit, reasons_of(report, unit))
    parts += [Heading(f"{key}-shrinkage", "Compared with the flat model"), *_flat_parts(unit)]
    reasons = reasons_of(report, unit)
    changed = [part_withheld("Changes from the reference are", reasons)] if reasons else change_parts(report, unit)
    if report.config.compare_with:
        parts += [Heading(f"{key}-changed", "Compared with the reference"), *changed]
    parts += [Heading(f"{key}-which-axis", "What the axis separates"), *axis_parts(report, unit)]
    parts += [Heading(f"{key}-votes", "Bills"), *bill_parts(unit, reasons)]
    middle = [part_withheld("Medians and pivots are", reasons)] if reasons else pivot_parts(unit)
    parts += [Heading(f"{key}-middle", "Medians and pivots"), *middle]
    parts += [Heading(f"{key}-fit-heading", "Fit to the votes"), *fit_parts(unit), *check_parts(unit)]
    if not unit.unit.is_joint:
        parts += [Heading(f"{key}-absences", "Absences"), *absence_parts(unit, reasons)]
    if report.simulated:
        parts += [Heading(f"{key}-recovery", "Compared with the simulated truth"), *_truth_parts(unit)]
    return [*parts, Heading(f"{key}-converged", "Convergence in full"), *convergence_parts(unit)]


def _party_parts(report: Report, unit: UnitResults) -> list[Part]:
    parts: list[Part] = []
    parts.append(
        tables.party_table(unit, unit.parties)
        if unit.parties
        else missing("The table of parties is missing (parties.csv).")
    )
    picture = figures.party_means(unit)
    parts += [picture] if picture else []
    chambers = unit.unit.chambers
    for chamber in chambers:
        share = unit.of_chamber("icc", chamber)
        if reason := unreadable(report, unit, chamber):
            parts.append(part_withheld(f"{fit_name(unit, chamber)}: the party share of the variance is", reason))
            continue
        where = f" in the {unit_title(chamber)}" if unit.unit.is_joint else ""
        text = Markup("Party share of the variance between members{}: <b>{}</b> (90 % interval {} to {}).")
        values = [percent(share.get(k), 1) for k in ("mean", "q05", "q95")]
        parts.append(
            Text(text.format(where, *values)) if share else missing("The party share of the variance is missing.")
        )
    return parts


def _member_parts(unit: UnitResults) -> list[Part]:
    if not unit.members:
        return [missing("The picture and the table of members are missing (ideal_points.csv).")]
    own = tables.own_scale_table(unit, unit.members)
    return [tables.member_table(unit, unit.members), *([own] if own else []), *forest.forest(unit, unit.members)]


def _flat_parts(unit: UnitResults) -> list[Part]:
    correlations = unit.get("flat_corr") or {}
    text = (
        "The flat model does not know the parties, so each member stands alone. If the two models disagree, the party "
        "model has pulled a member towards the party’s mean. It pulls members with few votes most."
    )
    known = {chamber: r for chamber, r in correlations.items() if r is not None}
    parts: list[Part] = [Text(text)]
    if known:
        where = [f" in the {unit_title(chamber)}" if len(known) > 1 else "" for chamber in known]
        shown = [Markup("<b>{}</b>{}").format(number(r, 3), at) for r, at in zip(known.values(), where, strict=True)]
        parts.append(Text(Markup("The ideal points of the two models have a correlation of {}.").format(listed(shown))))
    else:
        parts.append(missing("The correlation with the flat model is missing."))
    each = " in each chamber" if unit.unit.is_joint else ""
    caption = (
        f"Positions here against ideal points of the flat model, which has a scale of its own{each}. Compare the order."
    )
    parts.append(_against(unit, "flat_mean", "ideal point in the flat model", caption, "Flat scores are missing."))
    movers = shrinkage_table(unit)
    return [*parts, movers] if movers else parts


def _truth_parts(unit: UnitResults) -> list[Part]:
    rows = unit.get("truth")
    caption = (
        "Estimated against true positions. A model that recovers the truth puts every marker near one rising line."
    )
    table = (
        glance.truth_table(unit, rows)
        if rows
        else missing("The results do not record how well the truth was recovered.")
    )
    return [table, _against(unit, "truth", "true ideal point", caption, "True positions are missing.")]


def _against(unit: UnitResults, key: str, what: str, caption: str, otherwise: str) -> Part:
    return figures.against(unit, unit.members or [], key, what, caption) or missing(otherwise)


def _reproduce_section(report: Report) -> Section:
    """Machine, sampler, seeds, versions and hashes, and the commands that make this page again."""
    config = report.config
    parts: list[Part] = [
        Heading("commands", "How to reproduce it"),
        Text("With the same configuration, versions and seeds, either command gives the same results:"),
        Code(f"snakemake results/{config.name}/report.html\ntallgrass-models run {config.name}"),
        Code(json.dumps(config.to_dict(), indent=2, ensure_ascii=False), "The resolved configuration"),
        Heading("sampling", "Sampler, seeds, hashes, versions"),
    ]
    for make in (machine_tables.sampler_table, machine_tables.version_table):
        parts.append(_per_unit(report, make))
    parts.append(Heading("machine", "The machine"))
    return Section("reproduce", "Settings, versions, and how to reproduce", [*parts, *_platform_parts(report)])


def _per_unit(report: Report, make: Callable[[Report], Table]) -> Part:
    return make(report) if report.units else missing("There are no results, so their settings cannot be shown.")


def _platform_parts(report: Report) -> list[Part]:
    if report.platform is None:
        return [missing("The check of the machine is missing (platform.json).")]
    found = report.platform.get("findings") or []
    sentences = [Markup("<b>{}</b>: {}").format(str(f.get("level")), str(f.get("text"))) for f in found]
    parts: list[Part] = [Bullets(sentences) if sentences else Text("The check of the machine found no problem.")]
    overrides = report.platform.get("overrides")
    if overrides:
        parts.append(Code(json.dumps(overrides, indent=2, ensure_ascii=False), "Overridden findings"))
    return [*parts, machine_tables.platform_table(report.platform.get("snapshot") or {})]
