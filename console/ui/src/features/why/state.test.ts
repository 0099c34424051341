import { describe, expect, it } from 'vitest';
import { FlowDecoder } from '../flows/api/decode';
import { wireFlow } from '../flows/testing';
import { fromLocalTime, localTime, WHY_CODEC, whyHref } from './state';

const AT = Date.parse('2026-11-28T09:30:00Z');

describe('the question in the address', () => {
  it('comes back as it was written', () => {
    const question = { from: 'shop/web', to: '10.0.0.7', protocol: 'udp', port: '53', at: AT };
    const query = WHY_CODEC.format(question);
    expect(query).toBe('?from=shop%2Fweb&to=10.0.0.7&port=53&protocol=udp&at=2026-11-28T09%3A30%3A00Z');
    expect(WHY_CODEC.parse(query)).toEqual(question);
  });

  it('is about now and TCP if nothing else is said, and leaves out what it does not understand', () => {
    expect(WHY_CODEC.parse('?from=a/b&port=http&protocol=carrier&at=noon')).toEqual({ from: 'a/b', to: '', protocol: 'tcp', port: '', at: null });
  });

  it('names the ends of a flow as a record does for a time, and by their owners for now', () => {
    const flow = new FlowDecoder().fromWire({ ...wireFlow(), source_name: 'web-7d9f-*', source_namespace: 'shop', dest_name: 'PUBLIC NETWORK', dest_namespace: '-' });
    expect(WHY_CODEC.parse(whyHref(flow, AT).slice('/why'.length))).toMatchObject({ from: 'shop/web-7d9f-*', to: 'PUBLIC NETWORK', at: AT });
    expect(WHY_CODEC.parse(whyHref(flow, null).slice('/why'.length))).toMatchObject({ from: 'shop/web-7d9f', at: null });
  });

  it('has its time in the zone of the reader', () => {
    expect(fromLocalTime(localTime(AT))).toBe(AT);
    expect(localTime(null)).toBe('');
    expect(fromLocalTime('')).toBeNull();
  });
});
