/**
 * Takes a command line, gives running processes: the front door of the program.
 *
 * <p>Never decides a verdict itself: it wires those who do.
 */
@NullMarked
package io.margay.app;

import org.jspecify.annotations.NullMarked;
