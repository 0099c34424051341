/** Flows over HTTP: Whisker's API, and our own with more fields and resumable streams. */
@NullMarked
package io.margay.console.flow;

import org.jspecify.annotations.NullMarked;
