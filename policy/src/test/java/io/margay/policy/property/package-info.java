/** Random clusters against a plain reading of the rules, and against the engine's own past. */
package io.margay.policy.property;
