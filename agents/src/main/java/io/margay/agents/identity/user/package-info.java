/** Access tokens of people, from any OpenID Connect issuer. */
@NullMarked
package io.margay.agents.identity.user;

import org.jspecify.annotations.NullMarked;
