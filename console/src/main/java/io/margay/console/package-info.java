/**
 * Takes views of flows, policies and tables; gives an HTTP API, event streams and the web page.
 * Never changes anything, and never decides a verdict itself.
 */
@NullMarked
package io.margay.console;

import org.jspecify.annotations.NullMarked;
