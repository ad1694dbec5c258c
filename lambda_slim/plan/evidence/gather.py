"""Collects the evidence: one pass over what the earlier stages found."""

from collections.abc import Mapping

from lambda_slim.base.remember import of_same_objects
from lambda_slim.model.evidence import CodeEvidence, Evidence, FileEvidence, PlanInputs, TextEvidence, TraceEvidence
from lambda_slim.model.imports import Module
from lambda_slim.model.knowledge import Junk
from lambda_slim.model.settings import Bytecode, Level
from lambda_slim.plan.evidence.aws_services import find_services
from lambda_slim.plan.evidence.dynamic_paths import find_dynamic_path
from lambda_slim.plan.evidence.in_layers import find_in_layers
from lambda_slim.plan.evidence.junk_candidates import find_junk, find_named, find_secrets
from lambda_slim.plan.evidence.languages import find_languages
from lambda_slim.plan.evidence.linked_libraries import find_idle_gpu, find_libraries
from lambda_slim.plan.evidence.live_project_files import LiveProject, find_live_project
from lambda_slim.plan.evidence.margin import gather_unseen
from lambda_slim.plan.evidence.referenced_data import find_referenced_data, find_referenced_junk
from lambda_slim.plan.evidence.roots import Roots, find_roots, kept_by_setting
from lambda_slim.plan.evidence.sdk import find_sdk
from lambda_slim.plan.evidence.source_readers import asked_sources, opened_sources, plain_sources
from lambda_slim.plan.evidence.wrong_platform import find_wrong_platform


def gather(inputs: PlanInputs) -> Evidence:
    """The evidence for one function."""
    module_of = _module_of(inputs.imports.modules)
    junk = find_junk(inputs.inventory)
    roots = find_roots(inputs, module_of, junk)
    project = find_live_project(inputs, junk, roots.modules)
    unseen = gather_unseen(inputs.inventory, inputs.settings, inputs.trace, project, roots.added)
    shipped = _shipped(inputs, project, unseen)
    return Evidence(
        function=inputs.function,
        settings=inputs.settings,
        resolution=inputs.resolution,
        inventory=inputs.inventory,
        imports=project.imports,
        recipes=inputs.recipes,
        ignore_lines=inputs.ignore_lines,
        trace=inputs.trace,
        restored=inputs.restored,
        reach=project.reach,
        module_of=module_of,
        code=_code(project),
        texts=_texts(inputs, project, junk, shipped),
        unseen=unseen,
        files=_files(inputs, project, junk, shipped, _read_sources(inputs, project, roots, module_of)),
        sdk=find_sdk(inputs.resolution, project.imports, inputs.inventory),
    )


@of_same_objects()
def _module_of(modules: Mapping[str, Module]) -> dict[str, str]:
    """A module's file to its name."""
    return {module.path: module.name for module in modules.values()}


def _shipped(inputs: PlanInputs, project: LiveProject, unseen: TraceEvidence) -> frozenset[str]:
    """Files of modules that ship: those that are reached, or at level trace those that were seen and the margin."""
    if inputs.traced and inputs.trace:
        return frozenset({*inputs.trace.modules.values(), *inputs.trace.files, *unseen.margin})
    return project.reach.files


def _code(project: LiveProject) -> CodeEvidence:
    services, names = find_services(project.imports, project.reach)
    return CodeEvidence(project.live, services, names)


def _texts(inputs: PlanInputs, project: LiveProject, junk: Mapping[str, Junk], shipped: frozenset[str]) -> TextEvidence:
    inventory = inputs.inventory
    above_safe = inputs.settings.level is not Level.SAFE
    return TextEvidence(
        literals=project.literals,
        junk_names=find_named(inventory, junk, project.live),
        referenced_junk=find_referenced_junk(inventory, junk, project.live),
        referenced_data=find_referenced_data(inventory, shipped) if above_safe else frozenset(),
        dynamic_path=find_dynamic_path(inventory.files, project.reach.files),
        languages=find_languages(inventory.files) if above_safe and "django" in inputs.recipes else None,
    )


def _files(
    inputs: PlanInputs,
    project: LiveProject,
    junk: Mapping[str, Junk],
    shipped: frozenset[str],
    read_sources: frozenset[str],
) -> FileEvidence:
    inventory = inputs.inventory
    above_safe = inputs.settings.level is not Level.SAFE
    return FileEvidence(
        junk=junk,
        secrets=find_secrets(inventory),
        libraries=find_libraries(inventory, project.imports, shipped) if above_safe else {},
        wrong_platform=find_wrong_platform(inventory, inputs.function.target.machine),
        idle_gpu=find_idle_gpu(inventory),
        read_sources=read_sources,
        in_layers=find_in_layers(inventory) | {name for layer in inputs.function.layers for name in layer.carries},
    )


def _read_sources(
    inputs: PlanInputs, project: LiveProject, roots: Roots, module_of: Mapping[str, str]
) -> frozenset[str]:
    """Sources that something opens as text, so that they must travel beside their bytecode."""
    known = {name for recipe in inputs.recipes.values() for name in recipe.reads_source}
    sources = {module.path for name, module in project.imports.modules.items() if name in known}
    if inputs.trace:
        sources |= inputs.trace.read_sources
    sources |= roots.loaded_files
    sources.update(inputs.restored, kept_by_setting(inputs.settings, module_of))
    sources |= plain_sources(inputs.inventory)
    if inputs.settings.bytecode not in (Bytecode.NONE, Bytecode.INIT):
        live = project.live | project.reach.files
        sources |= opened_sources(inputs.inventory, project.imports, live)
        sources |= asked_sources(inputs.inventory, project.imports, live)
    return frozenset(sources)
