import { unstable_ClassNameGenerator as ClassNameGenerator } from '@mui/material/className';
import { mutation } from './model.ts';

// Imported before any component: MUI fixes most of its class names when it is loaded.
if (mutation === 'classes-changed') {
  ClassNameGenerator.configure((name) => name.replace('Mui', 'Board'));
}
