/**
 * A small company of agents on this machine: agents, tool servers, a model and a person, all of
 * whose calls go through a real gateway.
 */
@NullMarked
package io.margay.app.agents.lab;

import org.jspecify.annotations.NullMarked;
