/** Envoy's external authorization: the doors' decisions for those who keep their gateway. */
@NullMarked
package io.margay.agents.gateway.envoy;

import org.jspecify.annotations.NullMarked;
