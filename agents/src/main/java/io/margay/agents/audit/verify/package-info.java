/** Proves a log, or an export of one, with nothing but its files and a public key. */
@NullMarked
package io.margay.agents.audit.verify;

import org.jspecify.annotations.NullMarked;
