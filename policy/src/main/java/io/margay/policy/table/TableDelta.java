package io.margay.policy.table;

import io.margay.model.net.Cidr;
import io.margay.model.verdict.Outcome;
import java.util.Map;
import java.util.Set;

/**
 * The difference between two states of the decision tables. Ids are taken from the content that
 * they stand for, so equal content has the same id after a restart too; an id that is removed and
 * set in one delta has a new meaning.
 *
 * <p>Apply what is set referents first (outcomes, port tables, groups, classes, endpoints), then
 * what is removed in the reverse order.
 */
public record TableDelta(
    Map<Integer, Outcome> outcomesSet,
    Set<Integer> outcomesRemoved,
    Map<Integer, PortTable> portTablesSet,
    Set<Integer> portTablesRemoved,
    Map<Integer, EndpointGroup> groupsSet,
    Map<Integer, GroupEdit> groupsEdited,
    Set<Integer> groupsRemoved,
    Map<Cidr, Integer> classesSet,
    Set<Cidr> classesRemoved,
    Map<EndpointId, JudgedEndpoint> endpointsSet,
    Set<EndpointId> endpointsRemoved) {

  public boolean isEmpty() {
    return outcomesSet.isEmpty()
        && outcomesRemoved.isEmpty()
        && portTablesSet.isEmpty()
        && portTablesRemoved.isEmpty()
        && groupsSet.isEmpty()
        && groupsEdited.isEmpty()
        && groupsRemoved.isEmpty()
        && classesSet.isEmpty()
        && classesRemoved.isEmpty()
        && endpointsSet.isEmpty()
        && endpointsRemoved.isEmpty();
  }
}
