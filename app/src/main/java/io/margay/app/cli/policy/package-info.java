/** {@code margay policy …}: what policies do, said before they do it. */
@NullMarked
package io.margay.app.cli.policy;

import org.jspecify.annotations.NullMarked;
