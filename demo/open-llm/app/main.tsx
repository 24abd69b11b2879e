import './class-names.ts';
import { CssBaseline, GlobalStyles, ThemeProvider, createTheme } from '@mui/material';
import { createRoot } from 'react-dom/client';
import { BoardPage } from './board-page.tsx';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <ThemeProvider theme={createTheme()}>
      <CssBaseline />
      <GlobalStyles
        styles={{
          body: { position: 'fixed', inset: 0, overflow: 'hidden' },
          '#root': { position: 'absolute', inset: 0, overflowY: 'auto' },
        }}
      />
      <BoardPage />
    </ThemeProvider>,
  );
}
