/**
 * The decision tables: what the engine computes and every dataplane programs.
 *
 * <pre>
 *   address ── longest prefix ──► peer class
 *   endpoint × direction × stage ── Judge ──► endpoint group
 *   endpoint group × peer class ──► port table
 *   port table: protocol, ports ──► outcome
 * </pre>
 */
@NullMarked
package io.margay.policy.table;

import org.jspecify.annotations.NullMarked;
