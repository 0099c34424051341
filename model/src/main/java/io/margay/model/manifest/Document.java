package io.margay.model.manifest;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One document of a source.
 *
 * @param line where it begins, from 1
 */
record Document(JsonNode json, int line) {}
