-- Masters to begin with. Attestor and seal are specimens for synthetic tenants; a real city registers its own with
-- the day from which they hold. Fee and printers as at the counters of the demo city.
insert into register.paper_attestor (attestor_id, kind, title, name, valid) values
    (1, 'mayor', '埼玉県熊谷市長', '台帳　太郎', daterange('2020-04-01', null));

insert into register.paper_seal (seal_id, kind, svg, size_mm, note, specimen, valid) values
    (1, 'certificate', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="none" stroke="#000" stroke-linejoin="miter" stroke-linecap="square"><path stroke-width="1.08" d="M0.54 0.54h22.92v22.92h-22.92z"/><path stroke-width="1.01" d="M15.23 2.83L19.69 2.83L19.69 7.28L15.23 7.28L15.23 2.83M15.23 4.31L19.69 4.31M15.23 5.8L19.69 5.8M16.72 7.28L16.72 8.77L13.75 8.77L13.75 10.25M18.2 7.28L18.2 10.25L21.17 10.25L21.17 8.77M17.46 13.75L17.46 21.17M13.75 13.75L13.75 15.97L21.17 15.97L21.17 13.75M13.75 21.17L13.75 17.91L21.17 17.91L21.17 21.17M15.68 19.98L19.24 19.98M2.83 10.25L10.25 10.25M6.54 2.83L6.54 10.25M3.2 3.57L3.2 7.28L9.88 7.28L9.88 3.57M5.95 13.75L2.83 13.75L2.83 19.98L5.95 19.98M2.83 16.87L5.95 16.87M7.58 21.17L7.58 13.75L10.25 13.75L10.25 18.5L8.92 18.5"/></g></svg>',
     24.0, 'この印は黒色です。', true, daterange('2020-04-01', null));

insert into register.paper_fee (fee_id, kind, yen, valid) values
    (1, 'household_copy', 200, daterange('2020-04-01', null));

insert into register.paper_printer (terminal, label) values
    ('SHIMIN-01', 'プリンタ001'), ('SHIMIN-02', 'プリンタ001'), ('SHIMIN-03', 'プリンタ001'), ('SHIMIN-04', 'プリンタ001'),
    ('SHIMIN-05', 'プリンタ002'), ('SHIMIN-06', 'プリンタ002'), ('SHIMIN-07', 'プリンタ002'), ('SHIMIN-08', 'プリンタ002'),
    ('SHIMIN-11', 'プリンタ003'), ('SHIMIN-12', 'プリンタ003'), ('OSATO-01', 'プリンタ011'), ('OSATO-02', 'プリンタ011'),
    ('MENUMA-01', 'プリンタ021'), ('MENUMA-02', 'プリンタ021'), ('KONAN-01', 'プリンタ031'), ('KONAN-02', 'プリンタ031'),
    ('SAKURA-01', 'プリンタ041'), ('EKI-01', 'プリンタ051'), ('EKI-02', 'プリンタ051'), ('KAGOHARA-01', 'プリンタ061');
