/**
 * The gateway: agents' calls come in, are identified, decided and recorded, and only then go on to
 * the tool, agent or model that they are for.
 */
@NullMarked
package io.margay.agents.gateway;

import org.jspecify.annotations.NullMarked;
