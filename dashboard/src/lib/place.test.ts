import { expect, it } from 'vitest';
import { pathIn, placeOf } from './place';

it.each([
  ['/e/demo/users/a%2Fb', { environment: 'demo', tenant: null, base: '/e/demo', rest: '/users/a%2Fb' }],
  ['/e/demo', { environment: 'demo', tenant: null, base: '/e/demo', rest: '/' }],
  [
    '/e/demo/t/ac%20me/log',
    { environment: 'demo', tenant: 'ac me', base: '/e/demo/t/ac%20me', rest: '/log' },
  ],
  ['/achievements', { environment: null, tenant: null, base: '', rest: '/achievements' }],
  ['/experiments', { environment: null, tenant: null, base: '', rest: '/experiments' }],
])('finds the place in %s', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});

it('gives the address of a page in a place', () => {
  expect(pathIn('demo', 'ac me', '/log')).toBe('/e/demo/t/ac%20me/log');
  expect(pathIn('demo', null)).toBe('/e/demo/');
});
