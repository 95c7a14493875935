//! Applies a PATCH request to a resource in canonical form (RFC 7644 §3.5.2).

use serde_json::Value;

use super::super::error::ScimError;
use super::super::filter::Filter;
use super::super::path::{PatchPath, Target, parse_patch_path};
use super::super::resource::assign::assign;
use super::super::resource::edit::{Edit, Mode, remove, write};
use super::super::resource::{Ignored, IgnoredReason, Resource, finish};
use super::super::schema::{ResourceSchema, Schema};
use super::super::text::shorten;
use super::{PatchOp, PatchOperation, PatchOptions, PatchOutcome, PatchRequest, in_operation};

/// Applies all operations in order, or none: on error the resource is untouched.
///
/// # Errors
/// 400 with `invalidPath`, `invalidFilter`, `invalidValue`, `invalidSyntax`, `mutability` or `noTarget`; the detail says
/// which operation and attribute.
pub fn apply(
    request: &PatchRequest,
    resource: &mut Resource,
    schema: &ResourceSchema,
    options: &PatchOptions,
) -> Result<PatchOutcome, ScimError> {
    let mut work = resource.clone();
    let mut ignored = Vec::new();
    for (at, operation) in request.operations.iter().enumerate() {
        apply_one(operation, &mut work, schema, options, &mut ignored).map_err(|error| in_operation(at, error))?;
    }
    let changed = work != *resource;
    if work.contains_key("schemas") {
        // Setting an extension attribute brings its URN in (RFC 7644 §3.5.2).
        finish(&mut work, schema);
    }
    *resource = work;
    Ok(PatchOutcome { changed, ignored })
}

fn apply_one(
    operation: &PatchOperation,
    resource: &mut Resource,
    schema: &ResourceSchema,
    options: &PatchOptions,
    ignored: &mut Vec<Ignored>,
) -> Result<(), ScimError> {
    let mut edit = Edit {
        strict: options.strict,
        fresh: false,
        ignored,
    };
    let Some(path) = &operation.path else {
        if options.strict {
            return Err(ScimError::invalid_syntax("path is missing."));
        }
        return match operation.op {
            PatchOp::Add => assign_whole(resource, operation, None, Mode::Add, schema, &mut edit),
            PatchOp::Replace => assign_whole(resource, operation, None, Mode::Replace, schema, &mut edit),
            PatchOp::Remove => Err(ScimError::no_target("remove needs a path.")),
        };
    };
    match parse_patch_path(path, schema)? {
        PatchPath::Core => match operation.op {
            PatchOp::Add => assign_whole(resource, operation, None, Mode::Add, schema, &mut edit),
            PatchOp::Replace => assign_whole(resource, operation, None, Mode::Replace, schema, &mut edit),
            PatchOp::Remove => Err(ScimError::mutability("the core attributes cannot be removed as a whole.")),
        },
        // An extension as the target is no list that could be added to: what the value names is set, also with `add`.
        PatchPath::Extension(owner) => match operation.op {
            PatchOp::Add | PatchOp::Replace => assign_whole(resource, operation, Some(owner), Mode::Replace, schema, &mut edit),
            PatchOp::Remove => {
                resource.remove(owner.id.as_ref());
                Ok(())
            }
        },
        PatchPath::Attribute(target) => apply_to(resource, operation, &target, None, &mut edit),
        PatchPath::Elements { target, filter } => apply_to(resource, operation, &target, Some(&filter), &mut edit),
        PatchPath::Unknown { qualified } => unknown(path, qualified, &mut edit),
    }
}

fn apply_to(
    resource: &mut Resource,
    operation: &PatchOperation,
    target: &Target<'_>,
    filter: Option<&Filter>,
    edit: &mut Edit<'_>,
) -> Result<(), ScimError> {
    // `schemas` follows from the extensions in use; a client that sets it along asks for what happens anyway.
    if target.attribute.name == "schemas" && operation.op != PatchOp::Remove {
        return Ok(());
    }
    let value = operation.value.as_ref();
    match operation.op {
        PatchOp::Add => write(resource, target, filter, Mode::Add, value.unwrap_or(&Value::Null), edit),
        PatchOp::Replace => write(resource, target, filter, Mode::Replace, value.unwrap_or(&Value::Null), edit),
        PatchOp::Remove => remove(resource, target, filter, value, edit.strict),
    }
}

/// The value of an operation on the resource or on a whole extension.
fn assign_whole(
    resource: &mut Resource,
    operation: &PatchOperation,
    owner: Option<&Schema>,
    mode: Mode,
    schema: &ResourceSchema,
    edit: &mut Edit<'_>,
) -> Result<(), ScimError> {
    match (&operation.value, owner) {
        (Some(Value::Object(object)), _) => {
            if let Some(owner) = owner.filter(|_| edit.strict && operation.op == PatchOp::Replace) {
                resource.remove(owner.id.as_ref());
            }
            assign(resource, object, owner, mode, schema, edit)?;
            // An extension that is set without any attribute is there nevertheless: that is all the client asked for.
            let is_bare = object.keys().all(|key| key.eq_ignore_ascii_case("schemas"));
            if let Some(owner) = owner.filter(|_| is_bare)
                && !resource.contains_key(owner.id.as_ref())
            {
                resource.insert(owner.id.to_string(), Value::Object(Resource::new()));
            }
            Ok(())
        }
        (Some(Value::Null), Some(owner)) => {
            resource.remove(owner.id.as_ref());
            Ok(())
        }
        (Some(_) | None, _) => Err(ScimError::invalid_syntax(
            "without the path of an attribute, value must be an object with attributes.",
        )),
    }
}

/// Unknown extension attributes are ignored and listed; an unknown core attribute is most likely a mistake in the mapping
/// and said so (RFC 7644 §3.5.2 allows both). `password` is dropped like an extension attribute: some clients send it to
/// every application, and it is never stored here.
fn unknown(path: &str, qualified: bool, edit: &mut Edit<'_>) -> Result<(), ScimError> {
    let dropped = qualified || path.trim().eq_ignore_ascii_case("password");
    if edit.strict || !dropped {
        return Err(ScimError::invalid_path(format!(
            "{:?} is not a known attribute.",
            shorten(path)
        )));
    }
    edit.ignored.push(Ignored {
        path: path.to_owned(),
        reason: IgnoredReason::Unknown,
    });
    Ok(())
}
