package io.margay.policy.engine;

/**
 * The size of what an engine holds.
 *
 * @param policies that exist
 * @param activePolicies that govern an endpoint here
 * @param endpoints that are judged here
 * @param peers that rules can select, in the whole cluster
 * @param questions that active rules ask about addresses
 * @param classes of addresses that the questions tell apart
 * @param groups of endpoints that are judged alike
 * @param portTables that groups and classes share
 * @param outcomes that port tables share
 */
public record EngineStats(
    int policies,
    long activePolicies,
    int endpoints,
    int peers,
    int questions,
    int classes,
    int groups,
    int portTables,
    int outcomes) {}
