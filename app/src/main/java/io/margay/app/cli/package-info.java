/** The commands: one class for each, and what they share. */
@NullMarked
package io.margay.app.cli;

import org.jspecify.annotations.NullMarked;
