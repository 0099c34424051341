/** One wiring class for each process: its parts, in the order in which they start. */
@NullMarked
package io.margay.app.process;

import org.jspecify.annotations.NullMarked;
