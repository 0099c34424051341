/** Signed tokens: read strictly, checked against known keys, signed with keys that rotate. */
@NullMarked
package io.margay.agents.identity.token;

import org.jspecify.annotations.NullMarked;
