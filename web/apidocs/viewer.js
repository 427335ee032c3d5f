// Shows openapi.json as a list of operations. No library, nothing from elsewhere.
'use strict';

const make = (name, className, text) => {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

function shape(schema, all, depth = 0) {
  if (!schema) return '';
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop();
    return depth > 3 ? name : shape(all[name], all, depth) || name;
  }
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : schema.type;
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (schema.items) return '[ ' + shape(schema.items, all, depth + 1) + ' ]';
  if (!schema.properties) return type || 'any';
  const pad = '  '.repeat(depth + 1);
  const needed = new Set(schema.required || []);
  const lines = Object.entries(schema.properties).map(([name, part]) => pad + name + (needed.has(name) ? '' : '?') + ': ' + shape(part, all, depth + 1));
  return '{\n' + lines.join('\n') + '\n' + '  '.repeat(depth) + '}';
}

function table(parameters, all) {
  const list = make('table');
  for (const one of parameters) {
    const row = make('tr');
    row.append(make('th', '', one.name + (one.required ? ' *' : '')), make('td', '', one.in), make('td', '', shape(one.schema, all)));
    list.append(row);
  }
  return list;
}

function operation(path, method, op, all) {
  const box = make('details');
  const head = make('summary');
  head.append(make('span', 'method', method.toUpperCase()), make('code', '', path), make('span', 'what', op.summary || ''));
  box.append(head);
  box.addEventListener('toggle', () => {
    if (box.childElementCount > 1) return;
    if (op.parameters && op.parameters.length) box.append(table(op.parameters, all));
    const asked = op.requestBody && Object.values(op.requestBody.content || {})[0];
    if (asked) box.append(make('h3', '', 'Permintaan'), make('pre', '', shape(asked.schema, all)));
    const good = op.responses && (op.responses['200'] || op.responses['201']);
    const told = good && Object.values(good.content || {})[0];
    if (told) box.append(make('h3', '', 'Jawaban'), make('pre', '', shape(told.schema, all)));
  });
  box.dataset.find = (method + ' ' + path + ' ' + (op.summary || '')).toLowerCase();
  return box;
}

async function show() {
  const spec = await (await fetch('/api/openapi.json')).json();
  const all = (spec.components && spec.components.schemas) || {};
  document.getElementById('about').textContent = spec.info.description || '';
  const groups = new Map();
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, op] of Object.entries(methods)) {
      const tag = (op.tags && op.tags[0]) || '';
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(operation(path, method, op, all));
    }
  }
  const main = document.getElementById('operations');
  for (const [tag, boxes] of groups) {
    const section = make('section');
    section.append(make('h2', '', tag), ...boxes);
    main.append(section);
  }
  document.getElementById('search').addEventListener('input', (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const box of main.querySelectorAll('details')) box.hidden = !box.dataset.find.includes(wanted);
    for (const section of main.querySelectorAll('section')) section.hidden = !section.querySelector('details:not([hidden])');
  });
}

show();
