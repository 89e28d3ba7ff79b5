// SPDX-License-Identifier: GPL-3.0-or-later
import './styles/console.css';

import { mount } from 'svelte';

import App from './app.svelte';
import { askFirst } from './lib/first_start';
import { names } from './lib/names.svelte';
import { session } from './lib/session.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
session.start();
names.load().catch(() => {}); // without them the addresses stand alone
mount(App, { target });
askFirst().catch(() => {}); // where weir does not say, nothing is asked
