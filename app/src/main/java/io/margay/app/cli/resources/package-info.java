/**
 * The commands that read and change resources: apply, create, replace, delete, get, patch, label
 * and validate, with calicoctl's aliases and flags.
 */
@NullMarked
package io.margay.app.cli.resources;

import org.jspecify.annotations.NullMarked;
