/** What is not to be trusted any more, although its signature is good. */
@NullMarked
package io.margay.agents.identity.revocation;

import org.jspecify.annotations.NullMarked;
