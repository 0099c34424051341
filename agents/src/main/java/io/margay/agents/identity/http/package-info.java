/** Token endpoints over HTTP: the exchange for agents, and a small identity provider for demos. */
@NullMarked
package io.margay.agents.identity.http;

import org.jspecify.annotations.NullMarked;
