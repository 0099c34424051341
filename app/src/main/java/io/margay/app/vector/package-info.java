/** Plays vector files for {@code margay policy test}, and says what differs. */
@NullMarked
package io.margay.app.vector;

import org.jspecify.annotations.NullMarked;
