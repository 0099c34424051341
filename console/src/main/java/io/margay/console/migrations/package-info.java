/** Migrations of virtual machines, as nodes recorded them. */
@NullMarked
package io.margay.console.migrations;

import org.jspecify.annotations.NullMarked;
