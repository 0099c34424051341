/** {@code margay audit}: questions to the sealed log of what agents did, and its proof. */
@NullMarked
package io.margay.app.cli.audit;

import org.jspecify.annotations.NullMarked;
